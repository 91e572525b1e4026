import type { Answer } from "./answer.ts";

/** Thrown where a call breaks a rule of its model, with the answer that the service gives. */
export class Refused extends Error {
  override name = "Refused";
  readonly answer: Answer;
  constructor(answer: Answer) {
    super(JSON.stringify(answer.body));
    this.answer = answer;
  }
}

/** The same where the caller's settings are wrong: key, path, version, deployment. */
export class Misconfigured extends Refused {
  override name = "Misconfigured";
}
