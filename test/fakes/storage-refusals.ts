import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";

/** An answer in the form of Azure Storage's own: its word in a header and, but for HEAD, in XML. Without `code` it is busy. */
export type StorageRefusal = { status: number; code?: string; message?: string };

/** From Microsoft's "Common REST API error codes", "Blob Storage error codes" and "Queue Storage error codes". */
export const storageRefusals = {
  immutable: {
    status: 409,
    code: "BlobImmutableDueToPolicy",
    message: "This operation is not permitted as the blob is immutable due to a policy.",
  },
  unauthenticated: {
    status: 401,
    code: "InvalidAuthenticationInfo",
    message:
      "Server failed to authenticate the request. Please refer to the information in the www-authenticate header.",
  },
  /** A firewall rule, or keys that are not allowed. */
  authorizationFailure: {
    status: 403,
    code: "AuthorizationFailure",
    message: "This request is not authorized to perform this operation.",
  },
  /** The identity lacks the role, or has it only since a moment ago. */
  permissionMismatch: {
    status: 403,
    code: "AuthorizationPermissionMismatch",
    message: "This request is not authorized to perform this operation using this permission.",
  },
  containerBeingDeleted: {
    status: 409,
    code: "ContainerBeingDeleted",
    message: "The specified container is being deleted. Try operation later.",
  },
  containerNotFound: {
    status: 404,
    code: "ContainerNotFound",
    message: "The specified container does not exist.",
  },
  queueBeingDeleted: { status: 409, code: "QueueBeingDeleted", message: "The specified queue is being deleted." },
  queueNotFound: { status: 404, code: "QueueNotFound", message: "The specified queue does not exist." },
  serverBusy: { status: 503, code: "ServerBusy", message: "The server is busy." },
} satisfies Record<string, StorageRefusal>;

export function refuse(request: IncomingMessage, response: ServerResponse, refusal: StorageRefusal): void {
  request.resume();
  const { method } = request;
  const { status, code = "ServerBusy", message = "" } = refusal;
  const id = randomUUID();
  if (status === 401) {
    const authority = "https://login.microsoftonline.com/common/oauth2/authorize";
    response.setHeader(
      "www-authenticate",
      `Bearer authorization_uri=${authority} resource_id=https://storage.azure.com`,
    );
  }
  response.writeHead(status, {
    "content-type": "application/xml",
    server: "Windows-Azure-Blob/1.0 Microsoft-HTTPAPI/2.0",
    "x-ms-error-code": code,
    "x-ms-request-id": id,
    "x-ms-version": "2026-06-06",
  });
  const text = `${message}\nRequestId:${id}\nTime:${new Date().toISOString()}`;
  const xml = `<?xml version="1.0" encoding="utf-8"?><Error><Code>${code}</Code><Message>${text}</Message></Error>`;
  response.end(method === "HEAD" ? undefined : xml);
}

/** The page of a proxy or a firewall between the bot and storage: nothing in it is storage's word. */
export function showPage(request: IncomingMessage, response: ServerResponse, status: number): void {
  request.resume();
  const { method } = request;
  response.writeHead(status, { "content-type": "text/html", server: "nginx" });
  const page = `<html><head><title>${status}</title></head><body><center><h1>${status}</h1></center></body></html>`;
  response.end(method === "HEAD" ? undefined : page);
}
