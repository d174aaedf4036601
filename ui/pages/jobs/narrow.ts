import { useEffect, useState } from "preact/hooks";

const media = matchMedia("(max-width: 760px)");

/** Whether a row needs two lines; the style sheet asks the same. */
export function useNarrow(): boolean {
  const [narrow, setNarrow] = useState(media.matches);
  useEffect(() => {
    const look = () => setNarrow(media.matches);
    media.addEventListener("change", look);
    return () => media.removeEventListener("change", look);
  }, []);
  return narrow;
}
