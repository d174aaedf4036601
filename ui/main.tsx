/** The dashboard begins here. */

import { render } from "preact";
import { App } from "./app.tsx";
import { keepFocus } from "./parts/keep_focus.ts";
import { findSession } from "./state/session.ts";
import { takeClick } from "./state/place.ts";

document.addEventListener("click", takeClick);
findSession();
const root = document.getElementById("app")!;
keepFocus(root);
render(<App />, root);
