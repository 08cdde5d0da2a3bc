/** Type token of ApplySet. */
export const APPLY_SET = "labstead:index:ApplySet";
