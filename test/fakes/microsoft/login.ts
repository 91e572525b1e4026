/** login.microsoftonline.com and login.botframework.com: who signs, with which keys, and tokens for applications. */
import type { Answer, ReceivedRequest } from "./exchange.ts";
import { publishedKey, type SigningKeys } from "./keys.ts";
import { mintEntraToken, tokenLifetime } from "./tokens.ts";

export const loginHost = "login.microsoftonline.com";
export const botLoginHost = "login.botframework.com";

/** What an application can ask a token for, by the resource's address. */
export const resources = [
  "https://api.botframework.com",
  "https://storage.azure.com",
  "https://cognitiveservices.azure.com",
  "https://ai.azure.com",
];

export type Directory = { keys: SigningKeys; tenant: string; appId: string; appPassword: string };

export function answerLogin(directory: Directory, request: ReceivedRequest): Answer {
  const [tenant = "", ...rest] = request.segments;
  const route = `${request.method} ${rest.join("/")}`;
  if (route === "GET discovery/instance") return { status: 200, body: instances() };
  if (route === "GET v2.0/.well-known/openid-configuration") return { status: 200, body: openIdOf(tenant) };
  if (route === "GET discovery/v2.0/keys") return { status: 200, body: { keys: [publishedKey(directory.keys.entra)] } };
  if (route === "POST oauth2/v2.0/token") return answerToken(directory, tenant, request);
  return { status: 404 };
}

export function answerBotLogin(keys: SigningKeys, request: ReceivedRequest): Answer {
  const origin = `https://${botLoginHost}/v1/.well-known`;
  if (request.path === "/v1/.well-known/openidconfiguration") {
    return {
      status: 200,
      body: {
        issuer: "https://api.botframework.com",
        authorization_endpoint: "https://invalid.botframework.com",
        jwks_uri: `${origin}/keys`,
        id_token_signing_alg_values_supported: ["RS256"],
        token_endpoint_auth_methods_supported: ["private_key_jwt"],
      },
    };
  }
  if (request.path === "/v1/.well-known/keys") {
    return { status: 200, body: { keys: [publishedKey(keys.channel), publishedKey(keys.webChat)] } };
  }
  return { status: 404 };
}

function answerToken(directory: Directory, tenant: string, request: ReceivedRequest): Answer {
  const form = new URLSearchParams(request.text);
  const clientId = form.get("client_id") ?? "";
  const secret = form.get("client_secret");
  const resource =
    form
      .get("scope")
      ?.split(" ")[0]
      ?.replace(/\/?\/\.default$/, "") ?? "";

  if (form.get("grant_type") !== "client_credentials") {
    return refuse(400, "unsupported_grant_type", 70003, "The app requested an unsupported grant type.");
  }
  if (tenant !== directory.tenant && tenant !== "botframework.com") {
    return refuse(400, "invalid_request", 90002, `Tenant '${tenant}' not found.`);
  }
  if (tenant !== directory.tenant || clientId !== directory.appId) {
    const text = `Application with identifier '${clientId}' was not found in the directory '${tenant}'.`;
    return refuse(400, "unauthorized_client", 700016, text);
  }
  if (!secret) {
    const text = "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.";
    return refuse(401, "invalid_client", 7000218, text);
  }
  if (secret !== directory.appPassword) {
    return refuse(401, "invalid_client", 7000215, `Invalid client secret provided for app '${clientId}'.`);
  }
  if (!resources.includes(resource)) {
    return refuse(400, "invalid_resource", 500011, `The resource principal named ${resource} was not found.`);
  }
  const token = mintEntraToken(directory.keys, { audience: resource, clientId, tenant });
  const body = {
    token_type: "Bearer",
    expires_in: tokenLifetime,
    ext_expires_in: tokenLifetime,
    access_token: token,
  };
  return { status: 200, body };
}

function refuse(status: number, error: string, code: number, text: string): Answer {
  const trace = "Trace ID: 00000000-0000-0000-0000-000000000000 Correlation ID: 00000000-0000-0000-0000-000000000000";
  const body = { error, error_description: `AADSTS${code}: ${text} ${trace}`, error_codes: [code] };
  return { status, body };
}

function openIdOf(tenant: string) {
  const origin = `https://${loginHost}/${tenant}`;
  return {
    issuer: `${origin}/v2.0`,
    authorization_endpoint: `${origin}/oauth2/v2.0/authorize`,
    token_endpoint: `${origin}/oauth2/v2.0/token`,
    jwks_uri: `${origin}/discovery/v2.0/keys`,
    response_types_supported: ["code", "id_token"],
    subject_types_supported: ["pairwise"],
    id_token_signing_alg_values_supported: ["RS256"],
  };
}

function instances() {
  return {
    tenant_discovery_endpoint: `https://${loginHost}/common/v2.0/.well-known/openid-configuration`,
    "api-version": "1.1",
    metadata: [{ preferred_network: loginHost, preferred_cache: "login.windows.net", aliases: [loginHost] }],
  };
}
