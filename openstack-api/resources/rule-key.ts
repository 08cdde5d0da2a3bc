/** What makes two rules of a security group the same; a description does not distinguish them. */
export const RULE_KEY = [
  "direction",
  "ethertype",
  "protocol",
  "portRangeMin",
  "portRangeMax",
  "remoteIpPrefix",
  "remoteGroupId",
];
