/** A real slapd on loopback, with a certificate and a few people. */
import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { runs } from "../../lab/host/programs";
import { Authority } from "../../lab/kubernetes/authority";
import { freePorts, ServiceProcess } from "../../lab/kubernetes/service-process";

runs("slapadd", "slapd");

export const BASE = "ou=people,dc=example,dc=org";
export const READER = { dn: "cn=reader,dc=example,dc=org", password: "for-the-tests" } as const;

/** Of each person. */
export function passwordOf(name: string): string {
  return `password-of-${name}`;
}

const person = (name: string, uid: number, gid: number, mail: string, unit = "") => `
dn: cn=${name},${unit}${BASE}
objectClass: inetOrgPerson
objectClass: posixAccount
cn: ${name}
sn: ${name}
uid: ${name}
mail: ${mail}
userPassword: ${passwordOf(name)}
uidNumber: ${String(uid)}
gidNumber: ${String(gid)}
homeDirectory: /home/${name}
`;

/** One person of each kind: usual, known by another name, in two entries, root, no account. */
const PEOPLE = `
dn: dc=example,dc=org
objectClass: dcObject
objectClass: organization
dc: example
o: example

dn: ${BASE}
objectClass: organizationalUnit
ou: people

dn: ou=guests,${BASE}
objectClass: organizationalUnit
ou: guests
${person("ada", 37214, 37214, "ada.l@example.org")}${person("emmy", 37300, 100, "emmy.n@example.org")}${person("twin", 37401, 100, "twin@example.org")}${person("twin", 37402, 100, "twin@example.org", "ou=guests,")}${person("toor", 0, 0, "root@example.org")}${person("copy", 37214, 100, "copy@example.org")}
dn: cn=printer,${BASE}
objectClass: inetOrgPerson
cn: printer
sn: printer
uid: printer
`;

/** Anonymous people see nothing; the reader reads. */
const configuration = (folder: string) => `
include /etc/ldap/schema/core.schema
include /etc/ldap/schema/cosine.schema
include /etc/ldap/schema/nis.schema
include /etc/ldap/schema/inetorgperson.schema
modulepath /usr/lib/ldap
moduleload back_mdb
pidfile ${folder}/slapd.pid
TLSCACertificateFile ${folder}/ca.pem
TLSCertificateFile ${folder}/server.pem
TLSCertificateKeyFile ${folder}/server.key
security tls=1
database mdb
suffix "dc=example,dc=org"
rootdn "${READER.dn}"
rootpw ${READER.password}
directory ${folder}/data
index uid eq
access to * by anonymous auth by * none
`;

export interface Directory {
  /** TLS from the first byte. */
  readonly secure: string;
  /** TLS by StartTLS. */
  readonly plain: string;
  /** File with the certificate of its authority. */
  readonly authority: string;
  close(): Promise<void>;
}

export async function startDirectory(folder: string): Promise<Directory> {
  const authority = await Authority.create("directory");
  const { certificate, key } = await authority.server(["localhost"]);
  mkdirSync(join(folder, "data"));
  const write = (name: string, text: string): void =>
    writeFileSync(join(folder, name), text, { mode: 0o600 });
  write("ca.pem", authority.pem);
  write("server.pem", certificate);
  write("server.key", key);
  write("slapd.conf", configuration(folder));
  write("people.ldif", PEOPLE);
  const file = join(folder, "slapd.conf");
  execFileSync("slapadd", ["-f", file, "-l", join(folder, "people.ldif")]);
  const [securePort = 0, plainPort = 0] = await freePorts(2);
  const secure = `ldaps://localhost:${String(securePort)}`;
  const plain = `ldap://localhost:${String(plainPort)}`;
  const server = ServiceProcess.start(
    "slapd",
    ["-f", file, "-h", `${secure} ${plain}`, "-d", "0"],
    join(folder, "slapd.log"),
  );
  await server.until(() => listens(securePort), 10_000);
  return { secure, plain, authority: join(folder, "ca.pem"), close: () => server.stop() };
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "localhost");
    socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
    socket.once("connect", () => socket.destroy());
  });
}
