import type { RuleFault } from "../purse/rule-faults.ts";
import type { Said } from "../words/said.ts";
import { ruleFaults } from "../words/sentences.ts";

/** The sentence of each fault that a change of rules can have. */
export function sentenceOfRuleFault(fault: RuleFault): Said {
  switch (fault.fault) {
    case "no admin":
      return ruleFaults.noAdmin;
    case "beyond your place":
      return ruleFaults.beyondPlace;
    case "set in the file":
      return ruleFaults.inFile;
    case "set by the operator":
      return ruleFaults.byOperator;
    case "gone":
      return ruleFaults.gone;
    case "amount":
      return ruleFaults.amountBeyond({ unit: fault.unit, most: fault.most });
    case "no amount":
      return ruleFaults.amountMissing;
    case "not understood":
      return ruleFaults.notUnderstood({ field: fault.field });
    case "ends then":
      return fault.isPast ? ruleFaults.pastEnd : ruleFaults.lateEnd({ days: fault.mostDays });
    case "nothing to raise":
      return ruleFaults.nothingToRaise;
    case "above the rule":
      return ruleFaults.aboveRule({ most: fault.most, unit: fault.unit });
  }
}
