/** Type token of Rollout. */
export const ROLLOUT = "labstead:index:Rollout";
