import { z } from "zod";

/** More than any answer comes to: beyond it the number is a slip of a gateway's. */
const Count = z.int().min(0).max(10_000_000);
const Tokens = z.object({
  prompt_tokens: Count,
  completion_tokens: Count,
  prompt_tokens_details: z.object({ cached_tokens: Count.nullish() }).nullish().catch(undefined),
});

const Completion = z.object({
  choices: z
    .array(
      z.object({
        finish_reason: z.string().nullish(),
        message: z.object({
          content: z.union([z.string(), z.array(z.looseObject({ text: z.string().optional() }))]).nullish(),
          refusal: z.string().nullish(),
        }),
      }),
    )
    .min(1),
  usage: z.unknown(),
});

/** `cachedTokens` are among the ones that went in. */
export type Usage = { inputTokens: number; cachedTokens: number; outputTokens: number };

export type ChatAnswer<Value> = { value: Value; usage?: Usage } | { isRefused: boolean; usage?: Usage };

/** What a chat completion says, in the form that was asked for: also among prose, or within a fence, as models without a schema write it. */
export function readChatAnswer<Value>(body: unknown, form: z.ZodType<Value>): ChatAnswer<Value> {
  const read = Completion.safeParse(body);
  if (!read.success) return { isRefused: false };
  const usage = usageOf(read.data.usage);
  const [choice] = read.data.choices;
  const { content, refusal } = choice?.message ?? {};
  if (choice?.finish_reason === "content_filter" || refusal) return { isRefused: true, usage };
  const text = typeof content === "string" ? content : (content ?? []).map((part) => part.text ?? "").join("");
  for (const candidate of candidatesIn(text)) {
    const value = form.safeParse(candidate);
    if (value.success) return { value: value.data, usage };
  }
  return { isRefused: false, usage };
}

function candidatesIn(text: string): unknown[] {
  const [from, to] = [text.indexOf("{"), text.lastIndexOf("}")];
  return [text, from >= 0 && to > from ? text.slice(from, to + 1) : ""].flatMap((each): unknown[] => {
    try {
      return [JSON.parse(each)];
    } catch {
      return [];
    }
  });
}

function usageOf(usage: unknown): Usage | undefined {
  const { success, data } = Tokens.safeParse(usage);
  if (!success) return undefined;
  const { prompt_tokens: inputTokens, completion_tokens: outputTokens, prompt_tokens_details: details } = data;
  return { inputTokens, cachedTokens: Math.min(inputTokens, details?.cached_tokens ?? 0), outputTokens };
}
