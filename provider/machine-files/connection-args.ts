/** How a program describes a machine and the route to it. */
import * as pulumi from "@pulumi/pulumi";

/** Address of an SSH server, the login user, and the expected host key. */
export interface SshEndpointArgs {
  readonly host: pulumi.Input<string>;
  /** @default 22 */
  readonly port?: pulumi.Input<number>;
  /** Root, or a user with passwordless sudo; on a bastion a user that may forward. */
  readonly user: pulumi.Input<string>;
  /** `privateKeyOpenssh` of a tls.PrivateKey. Secret; renewing it changes nothing. */
  readonly privateKey: pulumi.Input<string>;
  /** The server's public host key, `ssh-ed25519 AAAA…`: a server with another key is refused. */
  readonly hostKey: pulumi.Input<string>;
}

/** Whether a server is reached directly or through a bastion. */
export type ViaArgs =
  | { readonly kind: "direct" }
  | ({ readonly kind: "bastion" } & SshEndpointArgs)
  /** `socks5://127.0.0.1:1080`, as `ssh -D` offers it. */
  | { readonly kind: "socks"; readonly url: string };

/** A machine and the route to it; an output of another stack is secret as a whole. */
export type ConnectionArgs = SshEndpointArgs & {
  readonly via: ViaArgs | pulumi.Output<pulumi.Unwrap<ViaArgs>>;
};

/** A connection with its keys marked as secrets, before the engine sees them. */
export function sealedConnectionArgs(connection: ConnectionArgs): pulumi.Inputs {
  const { via } = connection;
  return {
    ...withSecretKey(connection),
    via: pulumi.Output.isInstance(via) ? pulumi.secret(via) : sealedVia(via),
  };
}

function sealedVia(via: ViaArgs): ViaArgs {
  return via.kind === "bastion" ? withSecretKey(via) : via;
}

function withSecretKey<Endpoint extends SshEndpointArgs>(endpoint: Endpoint): Endpoint {
  return { ...endpoint, privateKey: pulumi.secret(endpoint.privateKey) };
}
