import { shellWords } from "../words/shell";
import { useWords } from "../words/words";

export default function SettingsRoom() {
  const say = useWords(shellWords);
  return <h1>{say("settings")}</h1>;
}
