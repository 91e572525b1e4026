import type { Provider } from "../../src/models.ts";
import { toResponse } from "../images-api/answer.ts";
import type { Answer } from "../images-api/answer.ts";
import { checkIdentity } from "../images-api/door.ts";
import { findBlock } from "../images-api/filter.ts";
import { Misconfigured, Refused } from "../images-api/refused.ts";
import * as refusals from "../images-api/refusals.ts";
import type { Service } from "../images-api/service.ts";
import type { ChatCall } from "./chat-call.ts";
import { readChat } from "./chat-parameters.ts";
import type { Chat } from "./chat-parameters.ts";
import { writeAnswer } from "./write-answer.ts";

const CHAT_PATH =
  /^\/(?:(?<v1>openai\/v1)|openai\/deployments\/(?<deployment>[^/]+)|(?<openai>v1))\/chat\/completions$/;

/** A chat model on this machine that keeps the service's rules. What it says is the same for the same words. */
export async function answerChat(request: Request, service: Service): Promise<Response> {
  const address = new URL(request.url);
  const call: ChatCall = { path: address.pathname + address.search, deployment: "", given: {}, status: 0 };
  service.chatCalls.push(call);
  const answer = await answerOf(request, service, call).catch((error: unknown) => {
    if (error instanceof Refused) return error.answer;
    throw error;
  });
  call.status = answer.status;
  return toResponse(answer, { "x-request-id": `chat-${service.chatCalls.length}` });
}

async function answerOf(request: Request, service: Service, call: ChatCall): Promise<Answer> {
  const address = new URL(request.url);
  const { openai, deployment } = CHAT_PATH.exec(address.pathname)?.groups ?? {};
  const provider: Provider = openai ? "openai" : "azure";
  checkIdentity(request, provider, service);
  if (deployment && !/^20\d\d-\d\d-\d\d(-preview)?$/.test(address.searchParams.get("api-version") ?? ""))
    throw new Misconfigured(refusals.wrongPath());
  const chat = readChat(await readJson(request));
  call.chat = chat;
  call.deployment = deployment === undefined ? chat.model : decodeURIComponent(deployment);
  call.given = chat.given;
  checkDeployment(call.deployment, provider, service);
  const { waitSeconds } = service.pace?.(call.deployment) ?? {};
  if (waitSeconds) return refusals.tooManyRequests(waitSeconds, provider);
  await service.gate.pass(request.signal);
  const planned = service.plannedChats.shift();
  if (planned) return planned;
  const block = findBlock(JSON.stringify(chat.given));
  if (block && provider === "azure" && FILTERED.has(block.category)) return blockedChat(block.category);
  return completionOf(chat, await writeAnswer(chat));
}

async function readJson(request: Request): Promise<unknown> {
  try {
    return await request.json();
  } catch (error) {
    if (error instanceof SyntaxError) throw new Refused(refusals.unreadableBody());
    throw error;
  }
}

function checkDeployment(deployment: string, provider: Provider, { chatDeployments, deployments }: Service): void {
  if (chatDeployments.includes(deployment)) return;
  if (provider === "openai") throw new Misconfigured(refusals.modelNotFound(deployment));
  if (!Object.hasOwn(deployments, deployment)) throw new Misconfigured(refusals.deploymentNotFound());
  const message = `The chatCompletion operation does not work with the specified model, ${deployment}. Please choose different model and try again.`;
  throw new Misconfigured({ status: 400, body: { error: { code: "OperationNotSupported", message } } });
}

/** A text about violence passes where a picture of it does not: both filters stand at "medium". */
const FILTERED = new Set<string>(["hate", "sexual", "self_harm", "jailbreak"]);

function blockedChat(category: string): Answer {
  const note = (name: string) => ({ filtered: name === category, severity: name === category ? "medium" : "safe" });
  const results = Object.fromEntries(["hate", "self_harm", "sexual", "violence"].map((name) => [name, note(name)]));
  const jailbreak = { filtered: category === "jailbreak", detected: category === "jailbreak" };
  const message =
    "The response was filtered due to the prompt triggering Azure OpenAI's content management policy. Please modify your prompt and retry.";
  const innererror = {
    code: "ResponsibleAIPolicyViolation",
    content_filter_result: { ...results, jailbreak },
  };
  const error = { message, type: null, param: "prompt", code: "content_filter", status: 400, innererror };
  return { status: 400, body: { error } };
}

function completionOf(chat: Chat, text: string): Answer {
  const tokens = Math.ceil(text.length / 4);
  const isCut = chat.mostTokens !== undefined && tokens > chat.mostTokens;
  const content = isCut ? text.slice(0, 4 * (chat.mostTokens ?? 0)) : text;
  const finish_reason = isCut ? "length" : "stop";
  const [prompt_tokens, completion_tokens] = [chat.tokens, Math.ceil(content.length / 4)];
  return {
    status: 200,
    body: {
      id: "chatcmpl-local",
      object: "chat.completion",
      created: Math.floor(Date.now() / 1000),
      model: "gpt-4.1-mini-2025-04-14",
      choices: [{ index: 0, message: { role: "assistant", content, refusal: null }, logprobs: null, finish_reason }],
      usage: { prompt_tokens, completion_tokens, total_tokens: prompt_tokens + completion_tokens },
    },
  };
}
