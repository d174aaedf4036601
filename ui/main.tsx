/** The dashboard begins here. */

import { render } from "preact";
import { App } from "./app.tsx";
import { findSession } from "./state/session.ts";
import { takeClick } from "./state/place.ts";

document.addEventListener("click", takeClick);
findSession();
render(<App />, document.getElementById("app")!);
