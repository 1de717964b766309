import { shellWords } from "../words/shell";
import { useWords } from "../words/words";

export default function UploadRoom() {
  const say = useWords(shellWords);
  return <h1>{say("upload")}</h1>;
}
