import type { components } from "../api/schema";

export type Replay = components["schemas"]["Replay"];
export type SpanObjects = components["schemas"]["SpanObjects"];
export type Boxes = components["schemas"]["Boxes"];
export type Places = components["schemas"]["Places"];
export type Pose = components["schemas"]["Pose"];
export type Proxy = components["schemas"]["ProxyView"];
export type TrackBar = components["schemas"]["TrackBar"];
export type Measurement = components["schemas"]["Measurement"];
export type Kind = Boxes["kind"][number];

export const KINDS: readonly Kind[] = ["dolphin", "vessel", "jet_ski", "swimmer"];
export const KIND_NAMES = { dolphin: "kindDolphin", vessel: "kindVessel", jet_ski: "kindJetSki", swimmer: "kindSwimmer" } as const;

export const LAYERS = ["tracks", "rejected", "raw", "aside", "trails", "horizon", "rings", "errors"] as const;
export type Layer = (typeof LAYERS)[number];
export type Layers = Readonly<Record<Layer, boolean>>;
