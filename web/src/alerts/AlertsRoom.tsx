import { shellWords } from "../words/shell";
import { useWords } from "../words/words";

export default function AlertsRoom() {
  const say = useWords(shellWords);
  return <h1>{say("alerts")}</h1>;
}
