/** Type token of TenantProtection. */
export const TENANT_PROTECTION = "labstead:index:TenantProtection";
