/** Values that are only known later, by name, with their encoders; usable without any other part of Labstead. */
export * from "../values";
