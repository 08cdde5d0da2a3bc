/** A kubeconfig that signs its user in. */
import { signInKubeconfigText } from "../../trust/kubeconfig";
import { kubelogin } from "../../trust/kubelogin";

const cluster = {
  cluster: "lab",
  server: "https://10.0.0.4:8888",
  serverName: "api.lab",
  user: "oidc:ada",
  ca: "CA",
};
const provider = { issuer: "https://sso.example.org", clientId: "lab", usernameClaim: "email" };

test("it asks kubelogin, for the scope that the claim needs, and holds no secret", () => {
  const { users } = JSON.parse(signInKubeconfigText(cluster, kubelogin(provider))) as { users: unknown };
  expect(users).toEqual([
    {
      name: "oidc:ada",
      user: {
        exec: {
          apiVersion: "client.authentication.k8s.io/v1",
          command: "kubectl",
          args: [
            "oidc-login",
            "get-token",
            "--oidc-issuer-url=https://sso.example.org",
            "--oidc-client-id=lab",
            "--oidc-extra-scope=email",
          ],
          installHint: expect.stringContaining("kubectl krew install oidc-login") as string,
          interactiveMode: "IfAvailable",
          provideClusterInfo: false,
        },
      },
    },
  ]);
});

test.each([
  ["sub", []],
  ["preferred_username", ["--oidc-extra-scope=profile"]],
])("the claim %s", (usernameClaim, scopes) => {
  expect(kubelogin({ ...provider, usernameClaim }).args.slice(4)).toEqual(scopes);
});
