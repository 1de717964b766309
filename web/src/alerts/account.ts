import type { components } from "../api/schema";

export type Account = components["schemas"]["Account"];
export type Moment = components["schemas"]["Moment"];
export type Placed = components["schemas"]["Placed"];
export type Ellipse = components["schemas"]["Ellipse"];
