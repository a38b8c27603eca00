/** What every page loads. Each module looks for its own attributes and does nothing without them. */

import "./theme.js";
import "./dialogs.js";
import "./toasts.js";
import "./search.js";
import "./palette.js";
import "./keyboard.js";
import "./forms.js";
import "./drafts.js";
import "./focus.js";
import "./live.js";
import "./contact.js";
import "./register.js";
import "./kept.js";
import "./chat.js";
import "./scratch.js";
import "./copying.js";
import { each } from "./dom.js";

each("[data-chart]", async (figure) => (await import("./charts.js")).draw(figure));
each("[data-signature]", async (field) => (await import("./signature.js")).prepare(field));
