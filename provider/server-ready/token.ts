/** Type token of ServerReady. */
export const SERVER_READY = "labstead:index:ServerReady";
