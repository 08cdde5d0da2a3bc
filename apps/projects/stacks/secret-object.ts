/** The Secret of a stack: names here; values are bound when they are registered. */
import { Secret, type ISecret } from "cdk8s-plus-27";
import { Construct } from "constructs";
import { secretValue } from "../../../environment/secrets";
import { metadataOf, type Environment, type Mount } from "../../../kit";
import { identityOf } from "../names";
import type { ProjectPlan } from "../plan";
import { stackSecrets } from "../secrets";
import type { StackSecret } from "./definition";
import type { WebStackPlan } from "./plan";
import { STACKS } from "./table";

export class StackSecretObject extends Construct {
  readonly env: Environment;
  readonly mounts: readonly Mount[];

  /** Undefined for a kind without passwords. */
  static of(
    scope: Construct,
    id: string,
    plan: ProjectPlan,
    stack: WebStackPlan,
  ): StackSecretObject | undefined {
    const { secret } = STACKS[stack.kind];
    return secret === undefined ? undefined : new StackSecretObject(scope, id, plan, stack, secret);
  }

  private constructor(
    scope: Construct,
    id: string,
    plan: ProjectPlan,
    stack: WebStackPlan,
    { env, file }: StackSecret,
  ) {
    super(scope, id);
    const values = new Map(
      [...stackSecrets(plan.project, stack.name, stack)].map(([key, of]) => [
        key,
        secretValue(of).toString(),
      ]),
    );
    new Secret(this, "Secret", {
      metadata: metadataOf(identityOf(plan, stack.objectName, "secret"), plan.namespace.name),
      immutable: false,
      stringData: {
        ...Object.fromEntries(values),
        ...(file === undefined ? {} : { [file.name]: file.content((key) => values.get(key) ?? "") }),
      },
    });
    const secret: ISecret = Secret.fromSecretName(this, "Reference", stack.objectName);
    this.env = Object.fromEntries(Object.entries(env).map(([variable, key]) => [variable, { secret, key }]));
    this.mounts = file === undefined ? [] : [{ kind: "secret", path: file.folder, secret }];
  }
}
