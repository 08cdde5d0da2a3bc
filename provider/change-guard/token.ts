/** Type token of ChangeGuard. */
export const CHANGE_GUARD = "labstead:index:ChangeGuard";

/** Token of the function that reports whether a guard has checked the changes of this phase. */
export const CHANGES_JUDGED = "labstead:index:changesJudged";
