/** Exceptions from the security profile: what each opens, which level it takes, and how it is reported. */
import { NOBODY, securityLevel, type PodSecurityLevel, type SecurityException } from "../../kit";
import { describeException, securityContext } from "../../kit/security";

const reason = "it must";

test.each<[Omit<SecurityException, "reason">, PodSecurityLevel, string]>([
  [{ allow: ["writableRootFilesystem"] }, "restricted", "writableRootFilesystem"],
  [{ allow: [], capabilities: ["NET_BIND_SERVICE"] }, "restricted", "NET_BIND_SERVICE"],
  [{ allow: [], capabilities: ["CHOWN", "NET_BIND_SERVICE"] }, "baseline", "CHOWN, NET_BIND_SERVICE"],
  [{ allow: ["rootUser"], capabilities: ["CHOWN"] }, "baseline", "rootUser"],
  [
    { allow: ["rootUser"], capabilities: ["CHOWN", "SYS_RESOURCE", "DAC_READ_SEARCH"] },
    "privileged",
    "rootUser, DAC_READ_SEARCH, SYS_RESOURCE",
  ],
  [{ allow: ["hostPath"] }, "privileged", "hostPath"],
  [{ allow: ["shareProcessNamespace"] }, "restricted", "shareProcessNamespace"],
  [{ allow: ["hostPid"] }, "privileged", "hostPid"],
  [{ allow: ["hostNetwork"] }, "privileged", "hostNetwork"],
  [{ allow: ["rootUser", "privileged"] }, "privileged", "privileged, rootUser"],
])("%j takes level %s", (allowed, level, text) => {
  const exception = { ...allowed, reason };
  expect(securityLevel([exception])).toBe(level);
  expect(describeException(exception)).toBe(`${text}: it must`);
});

test("capabilities are added to none, each once, in the order of their names", () => {
  const exception: SecurityException = {
    reason,
    allow: ["netBindService"],
    capabilities: ["SETUID", "CHOWN", "NET_BIND_SERVICE"],
  };
  expect(securityContext("web", NOBODY, exception, "lean")).toMatchObject({
    capabilities: { drop: ["ALL"], add: ["CHOWN", "NET_BIND_SERVICE", "SETUID"] },
  });
});

test("a privileged container carries nothing that the API server would refuse beside it", () => {
  const exception: SecurityException = { reason, allow: ["privileged", "rootUser"] };
  expect(securityContext("web", "image", exception, "lean")).toEqual({
    privileged: true,
    readOnlyRootFilesystem: true,
  });
});

test("an image's own user is held not to be root, unless that is allowed", () => {
  expect(securityContext("web", "image", undefined, "lean")).toEqual({
    runAsNonRoot: true,
    privileged: false,
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
    capabilities: { drop: ["ALL"] },
  });
  const root = securityContext("web", "image", { reason, allow: ["rootUser"] }, "lean");
  expect(root).not.toHaveProperty("runAsNonRoot");
});

test("contradictions are refused", () => {
  expect(() => securityContext("web", NOBODY, { reason, allow: [] }, "lean")).toThrow(
    new Error("web: its exception allows nothing; name what it opens, or leave it out"),
  );
  expect(() => securityContext("web", { uid: 0, gid: 0 }, undefined, "lean")).toThrow(
    new Error('web: runs as uid 0; allow "rootUser" with the reason, or name another user'),
  );
  const exception: SecurityException = { reason, allow: ["privileged"], capabilities: ["CHOWN"] };
  expect(() => securityContext("web", "image", exception, "lean")).toThrow(
    new Error('web: "privileged" has every capability; leave out "capabilities"'),
  );
});
