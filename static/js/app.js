/** What every page loads. Each module looks for its own attributes and does nothing without them. */
import "./theme.js";
