/** Octavia's resources as they are read. */
import { LISTENER } from "../../openstack-api/resources/tokens";
import { OCTAVIA } from "../../openstack-api/resources/octavia";
import { Session } from "../../openstack-api/session";
import { reply, Services } from "./services";

let services: Services;
let session: Session;
beforeEach(async () => {
  services = new Services();
  session = new Session(await services.start());
});
afterEach(() => services.stop());

test.each([
  [["10.0.0.0/24"], ["10.0.0.0/24"]],
  [[], []],
  [null, []],
  [undefined, []],
])(
  "a listener with the list %j lets in %j, so that one that was opened by hand is seen",
  async (list, seen) => {
    services.answer = (_request, response) =>
      reply(response, 200, {
        listener: { id: "l", loadbalancers: [{ id: "b" }], protocol: "TCP", allowed_cidrs: list },
      });
    const found = await OCTAVIA[LISTENER]!.read(session, "l");
    expect(found?.inputs).toMatchObject({ loadbalancerId: "b", allowedCidrs: seen });
  },
);
