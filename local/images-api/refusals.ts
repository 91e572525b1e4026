import type { Provider } from "../../src/models.ts";
import type { Answer } from "./answer.ts";

/**
 * What the services say when they say no. Where a real answer was published, the words are its words: they stand, with
 * their sources, in `test/image-answers`. The rest follows OpenAI's general forms.
 */

type Problem = { message: string; param: string | null; code: string; type?: string };

function refuse(status: number, { message, param, code, type = "invalid_request_error" }: Problem): Answer {
  return { status, body: { error: { message, type, param, code } } };
}

export function unknownParameter(name: string): Answer {
  return refuse(400, { message: `Unknown parameter: '${name}'.`, param: name, code: "unknown_parameter" });
}

export function missingParameter(name: string): Answer {
  return refuse(400, {
    message: `Missing required parameter: '${name}'.`,
    param: name,
    code: "missing_required_parameter",
  });
}

export function wrongType(name: string, expected: string, value: unknown): Answer {
  const message = `Invalid type for '${name}': expected ${expected}, but got ${typeof value} instead.`;
  return refuse(400, { message, param: name, code: "invalid_type" });
}

export function notSupported(name: string, value: string, supported: readonly string[]): Answer {
  const quoted = supported.map((each) => `'${each}'`);
  const list = quoted.length > 2 ? `${quoted.slice(0, -1).join(", ")}, and ${quoted.at(-1)}` : quoted.join(" and ");
  return refuse(400, {
    message: `Invalid value: '${value}'. Supported values are: ${list}.`,
    param: name,
    code: "invalid_value",
  });
}

export function outOfRange(name: string, value: number, least: number, most: number): Answer {
  const above = value > most;
  const message = above
    ? `Invalid '${name}': integer above maximum value. Expected a value <= ${most}, but got ${value} instead.`
    : `Invalid '${name}': integer below minimum value. Expected a value >= ${least}, but got ${value} instead.`;
  return refuse(400, { message, param: name, code: above ? "integer_above_max_value" : "integer_below_min_value" });
}

export function onlyOnePicture(): Answer {
  return refuse(400, { message: "You must provide n=1 for this model.", param: "n", code: "invalid_value" });
}

export function promptTooLong(limit: number, length: number): Answer {
  const message = `Invalid 'prompt': string too long. Expected a string with maximum length ${limit}, but got a string with length ${length} instead.`;
  return refuse(400, { message, param: "prompt", code: "string_above_max_length" });
}

export function promptEmpty(): Answer {
  const message =
    "Invalid 'prompt': empty string. Expected a string with minimum length 1, but got an empty string instead.";
  return refuse(400, { message, param: "prompt", code: "empty_string" });
}

/** A refusal by the picture model itself rather than by the door in front of it: another type. */
export function refusedByModel(param: string, message: string, code = "invalid_value"): Answer {
  return refuse(400, { message, param, code, type: "image_generation_user_error" });
}

export function invalidPicture(number: number, provider: Provider, requestId: string): Answer {
  const support =
    provider === "azure"
      ? ` If you believe this is an error, contact us at Azure support ticket and include the request ID ${requestId}.`
      : "";
  const message = `Invalid image file or mode for image ${number}, please check your image file.${support}`;
  return refuse(400, { message, param: "", code: "invalid_image_file", type: "image_generation_user_error" });
}

export function unsupportedFileType(name: string, type: string, supported: readonly string[]): Answer {
  const list = supported.map((each) => `'${each}'`).join(", ");
  const message = `Invalid file '${name}': unsupported mimetype ('${type}'). Supported file formats are ${list}.`;
  return refuse(400, { message, param: name, code: "unsupported_file_mimetype" });
}

export function tooManyBytes(): Answer {
  return refuse(413, { message: "The uploaded file is larger than 50 MB.", param: "image", code: "file_too_large" });
}

export function unreadableBody(): Answer {
  return refuse(400, {
    message: "We could not parse the JSON body of your request.",
    param: null,
    code: "invalid_body",
  });
}

export function unsupportedContentType(type: string, expected: string): Answer {
  const message = `Unsupported content type: '${type}'. This API method only accepts '${expected}' requests, but you specified the header 'Content-Type: ${type}'.`;
  return refuse(400, { message, param: null, code: "unsupported_content_type" });
}

export function deploymentNotFound(): Answer {
  const message =
    "The API deployment for this resource does not exist. If you created the deployment within the last 5 minutes, please wait a moment and try again.";
  return { status: 404, body: { error: { code: "DeploymentNotFound", message } } };
}

export function wrongPath(): Answer {
  return { status: 404, body: { error: { code: "404", message: "Resource not found" } } };
}

export function wrongVersion(): Answer {
  return { status: 400, body: { error: { code: "BadRequest", message: "API version not supported" } } };
}

/** The dated path hands `model` on to a service that knows models and no deployments. */
export function modelDoesNotExist(name: string): Answer {
  return refusedByModel("model", `The model '${name}' does not exist.`);
}

export function modelNotFound(name: string): Answer {
  return refuse(404, { message: `The model '${name}' does not exist.`, param: "model", code: "model_not_found" });
}

export function unauthorized(provider: Provider): Answer {
  if (provider === "openai") {
    return refuse(401, { message: "Incorrect API key provided.", param: null, code: "invalid_api_key" });
  }
  const message =
    "Unauthorized. Access token is missing, invalid, audience is incorrect (https://cognitiveservices.azure.com), or have expired.";
  return { status: 401, body: { statusCode: 401, message } };
}

/** The wait stands in the text alone, as on Azure. */
export function tooManyRequests(waitSeconds: number, provider: Provider): Answer {
  if (provider === "openai") {
    const message = `You've exceeded the rate limit, please slow down and try again after ${waitSeconds.toFixed(2)} seconds.`;
    return { status: 429, body: { error: { message } } };
  }
  const message = `Rate limit is exceeded. Try again in ${Math.ceil(waitSeconds)} seconds.`;
  return { status: 429, body: { error: { code: "429", message } } };
}

export function broken(status: number): Answer {
  const code = status >= 500 ? "InternalServerError" : String(status);
  return {
    status,
    body: {
      error: {
        code,
        message: "The server had an error while processing your request.",
        type: "server_error",
        param: null,
      },
    },
  };
}
