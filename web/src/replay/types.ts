import type { components } from "../api/schema";

export type Replay = components["schemas"]["Replay"];
export type SpanObjects = components["schemas"]["SpanObjects"];
export type Boxes = components["schemas"]["Boxes"];
export type TrackBar = components["schemas"]["TrackBar"];
export type Measurement = components["schemas"]["Measurement"];
export type Kind = Boxes["kind"][number];

export type Layers = { readonly tracks: boolean; readonly rejected: boolean; readonly raw: boolean; readonly trails: boolean };
