import { shellWords } from "../words/shell";
import { useWords } from "../words/words";

export default function FlightsRoom() {
  const say = useWords(shellWords);
  return <h1>{say("flights")}</h1>;
}
