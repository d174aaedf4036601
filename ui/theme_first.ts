/** Sets the theme that was chosen before anything is painted. Without a choice the system's goes. */

try {
  const chosen = localStorage.getItem("stint.theme");
  if (chosen === "dark" || chosen === "light") document.documentElement.dataset.theme = chosen;
} catch {
  // Where nothing may be stored, the system's theme goes.
  delete document.documentElement.dataset.theme;
}
