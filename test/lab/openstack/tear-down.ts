/** Once after all tests of Jest's project openstack, also when they fail. */
export default async function tearDown(): Promise<void> {
  await globalThis.labsteadOpenStack?.close();
}
