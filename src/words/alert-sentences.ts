import type { Alert } from "../alerts/alert.ts";
import type { Said } from "./said.ts";
import { alerts } from "./sentences.ts";

/** What whoever runs Easel is told of it. */
export function sentenceOfAlert(alert: Alert): Said {
  switch (alert.kind) {
    case "budget":
      return alerts.budget({ ...alert, whose: whoseBudget(alert) });
    case "quota":
      return alerts.quota(alert);
    case "suspended":
      return alerts.suspended(alert);
    case "closed":
      return alerts.closed(alert);
    case "open again":
      return alerts.openAgain(alert);
    case "misconfigured":
      return alerts.misconfigured(alert);
    case "not allowed":
      return alerts.notAllowed(alert);
    case "guardrail":
      return alerts.guardrail(alert);
    case "bad request":
      return alerts.badRequest(alert);
    case "set aside":
      return alerts.setAside(alert);
    case "broken":
      return alerts.broken(alert);
    case "model ends":
      return alerts.modelEnds(alert);
    case "storage refuses":
      return alerts.storageRefuses(alert);
    case "unknown price":
      return alerts.unknownPrice(alert);
    case "config fault":
      return alerts.configFault(alert);
    case "reported":
      return alerts.reported(alert);
    case "person paused":
      return alerts.personPaused(alert);
    case "blocks pile up":
      return alerts.blocksPileUp(alert);
    case "blocks are fewer":
      return alerts.blocksAreFewer;
    case "many more":
      return alerts.manyMore(alert);
  }
}

function whoseBudget({ scope, id }: Extract<Alert, { kind: "budget" }>): Said {
  return scope === "bot" ? alerts.wholeBot : alerts[scope]({ id });
}
