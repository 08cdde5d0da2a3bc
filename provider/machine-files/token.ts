/** Type token of MachineFiles. */
export const MACHINE_FILES = "labstead:index:MachineFiles";
