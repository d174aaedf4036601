import { openStore } from "../../lib/store/open.ts";
import { storeConformance } from "./store_conformance.ts";

storeConformance("SQLite", (directory, options) => openStore({ directory, ...options }));
