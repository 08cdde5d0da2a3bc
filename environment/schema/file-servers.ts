/** File servers that exist elsewhere, and the paths that they know. */
import { z } from "zod";

/** An IPv4 address or a full host name. */
export const fileServer = z
  .string()
  .regex(
    /^(?=.{4,253}$)((\d{1,3}\.){3}\d{1,3}|([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63})$/,
    "is not a file server; write its address or its host name in full, such as 192.168.3.10 or files.example.org",
  );

/** @param what it is, and how it is written: `the path of an export; write it as the server exports it` */
export const exportedPath = (what: string) =>
  z.string().regex(/^(\/[A-Za-z0-9_.-]{1,255}){1,32}$|^\/$/, `is not ${what}, such as /export/data`);
