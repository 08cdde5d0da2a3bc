/** The layers of a lab, in which reports list resources and cost. */
export const LAYERS = ["infrastructure", "platform", "applications"] as const;
export type Layer = (typeof LAYERS)[number];
