"""`python -m wideberth_training_anomaly STAGE`: render, teacher, train, export, or all of them in order."""

import argparse
from pathlib import Path

import torch
import yaml

from wideberth_training_anomaly import assemble, card, evidence, export, network, report, teacher, train

DATA = Path(__file__).resolve().parents[5] / "shared" / "data"
STAGES = ("render", "teacher", "train", "export")


def main() -> None:
    """Run stages; each keeps its result in the work folder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("stage", choices=[*STAGES, "all"])
    parser.add_argument("--work", type=Path, default=Path("work"))
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--out", type=Path, default=Path("work/export"))
    parser.add_argument("--steps", type=int, default=3000)
    parser.add_argument("--seed", type=int, default=20)
    parser.add_argument("--threads", type=int, default=2)
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    stages = STAGES if args.stage == "all" else (args.stage,)
    if "render" in stages:
        assemble.render_all(args.work / "shards", args.threads)
    if stages != ("render",):
        crops = assemble.assemble(args.work / "shards", args.data, args.seed)
        for stage, run in (("teacher", _teach), ("train", _train), ("export", _export)):
            if stage in stages:
                run(args, crops)


def _weights(args: argparse.Namespace) -> Path:
    path: Path = args.data / "weights" / "yolo11n_coco_dequantised.safetensors"
    return path


def _teach(args: argparse.Namespace, crops: assemble.Crops) -> None:
    both = assemble.images_of(crops.normals)[::8] + assemble.images_of(crops.animals)[::4]
    made, kept = teacher.make_teacher(both, _weights(args))
    torch.save({"state": made.state_dict(), "kept": kept}, args.work / "teacher.pt")
    print(f"the teacher keeps {kept:.3f} of the variance", flush=True)


def _train(args: argparse.Namespace, crops: assemble.Crops) -> None:
    model = train.train(
        assemble.images_of(crops.normals),
        assemble.images_of(crops.calibration_clutter),
        assemble.images_of(crops.animals),
        torch.load(args.work / "teacher.pt", weights_only=True)["state"],
        args.work / "anomalib",
        args.steps,
        args.seed,
    )
    torch.save(model.state_dict(), args.work / "model.pt")


def _export(args: argparse.Namespace, crops: assemble.Crops) -> None:
    model = network.ClutterModel()
    model.load_state_dict(torch.load(args.work / "model.pt", weights_only=True))
    model.eval()
    animals = assemble.images_of(crops.animals[:: assemble.CUTS_OF_ONE] + crops.found_animals)
    clutter = assemble.images_of(crops.normals + crops.false_alarms)
    log_odds = evidence.fit(model.teacher, animals, clutter)
    graph, alone = args.out / "model.onnx", args.work / "efficientad_alone.onnx"
    export.write_graph(evidence.TwoSidedMap(model, log_odds), graph)
    export.write_graph(network.RawMap(model), alone)
    found, table = report.measure(crops, graph, alone, _weights(args))
    explained = torch.load(args.work / "teacher.pt", weights_only=True)["kept"]
    export.write_card(args.out, card.card(crops, found, args, explained))
    print(table)
    print(yaml.safe_dump(found, sort_keys=False))


if __name__ == "__main__":
    main()
