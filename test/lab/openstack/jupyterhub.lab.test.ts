/** JH, with its own network, Octavia for API and edge, a container, and an application credential besides. */
import { exampleSuite } from "./example-suite";
import { JUPYTERHUB } from "./harness";

const { name } = JUPYTERHUB;

exampleSuite(JUPYTERHUB, {
  afterUp: (running) => {
    test("a container with objects in it holds a destroy up, which then is finished", async () => {
      const { lab, environment, plan } = running();
      const [container] = plan.containers;
      await lab.client(name, "object", "create", container!.name, __filename, "--name", "backup");
      await expect(environment.destroy({ withData: true })).rejects.toThrow(
        `container ${container!.name} still holds objects; remove them first, or set forceDestroy`,
      );
      expect(Object.keys((await lab.inventory(name)).containers)).toEqual([container!.name]);
      // What is deleted stays as an older version, and holds the container as well.
      await lab.client(name, "object", "delete", container!.name, "backup");
      await expect(environment.destroy({ withData: true })).rejects.toThrow("still holds objects");
      await lab.empty(name, container!.name);
    });
  },
});
