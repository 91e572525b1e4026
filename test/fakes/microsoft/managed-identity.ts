/** The token endpoint that Azure puts beside an application in App Service and Container Apps: plain http, a secret header. */
import type { Answer, ReceivedRequest } from "./exchange.ts";
import { resources, type Directory } from "./login.ts";
import { mintEntraToken, tokenLifetime } from "./tokens.ts";

export const identityHeader = "the-identity-header-of-this-machine";

/** What a token names when nobody asked for a user-assigned identity. */
const systemAssignedIdentity = "5f5d7c64-0000-4000-8000-000000000001";

export function answerManagedIdentity(directory: Directory, request: ReceivedRequest): Answer {
  const { resource: asked = "", client_id: clientId, "api-version": version } = request.query;
  const resource = asked.replace(/\/$/, "");
  if (request.path !== "/msi/token" || request.method !== "GET") return { status: 404 };
  if (request.headers["x-identity-header"] !== identityHeader) return refuse(401, "Unauthorized");
  if (version !== "2019-08-01") return refuse(400, `The api-version '${version}' is not supported.`);
  if (!resources.includes(resource)) return refuse(400, `The resource principal named ${resource} was not found.`);
  if (clientId !== undefined && clientId !== directory.appId) {
    return refuse(
      400,
      "No User Assigned or Delegated Managed Identity found for specified ClientId/ResourceId/PrincipalId.",
    );
  }
  const identity = clientId ?? systemAssignedIdentity;
  const token = mintEntraToken(directory.keys, { audience: resource, clientId: identity, tenant: directory.tenant });
  return {
    status: 200,
    body: {
      access_token: token,
      expires_on: String(Math.floor(Date.now() / 1000) + tokenLifetime),
      resource: asked,
      token_type: "Bearer",
      client_id: identity,
    },
  };
}

function refuse(status: number, message: string): Answer {
  return { status, body: { statusCode: status, message } };
}
