export default function ReplayRoom({ analysisId }: { analysisId: string }) {
  return <h1>{analysisId}</h1>;
}
