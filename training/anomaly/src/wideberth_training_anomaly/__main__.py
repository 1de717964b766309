"""`python -m wideberth_training_anomaly STAGE`: render, look, train, export, or all of them in order."""

import argparse
from pathlib import Path

import numpy as np
import torch
import yaml

from bench.accuracy.sim_flights import render_flights
from wideberth_anomaly.core.network import OpenVinoNetwork
from wideberth_training_anomaly import assemble, card, evidence, export, looks, network, report, teacher, train
from wideberth_training_anomaly.compare import Methods

DATA = Path(__file__).resolve().parents[5] / "shared" / "data"
STAGES = ("render", "look", "train", "export")


def main() -> None:
    """Run stages; each keeps its result in the work folder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("stage", choices=[*STAGES, "all"])
    parser.add_argument("--work", type=Path, default=Path("work"))
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--out", type=Path, default=Path("work/export"))
    parser.add_argument("--steps", type=int, default=1500)
    parser.add_argument("--seed", type=int, default=20)
    parser.add_argument("--threads", type=int, default=1)
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    stages = STAGES if args.stage == "all" else (args.stage,)
    if "render" in stages:
        looks.render_stills(args.work, args.threads)
        for side, first in looks.FIRST_FLIGHT.items():
            render_flights(range(first, first + looks.FLIGHTS[side]), args.threads, args.work / "flights")
    if stages == ("render",):
        return
    material = assemble.assemble(args.work, args.data, args.seed)
    print(f"detector {material.detector}: {len(material.lessons.kinds)} crops to learn from", flush=True)
    if "train" in stages:
        _train(args, material)
    if "export" in stages:
        _export(args, material)


def _train(args: argparse.Namespace, material: assemble.Material) -> None:
    lessons, calibrate = material.lessons, material.calibrate
    some = np.random.default_rng(args.seed).permutation(len(lessons.kinds))[:400]
    made, kept = teacher.make_teacher(lessons.images[some], material.released)
    torch.save({"state": made.state_dict(), "kept": kept}, args.work / "teacher.pt")
    print(f"the teacher keeps {kept:.3f} of the variance", flush=True)
    model = train.train(
        lessons.images[~lessons.animals],
        calibrate.images[~calibrate.animals],
        lessons.images[lessons.animals],
        made.state_dict(),
        args.work / "anomalib",
        args.steps,
        args.seed,
    )
    torch.save(model.state_dict(), args.work / "model.pt")


def _export(args: argparse.Namespace, material: assemble.Material) -> None:
    model = network.ClutterModel()
    model.load_state_dict(torch.load(args.work / "model.pt", weights_only=True))
    model.eval()
    graph, alone = args.out / "model.onnx", args.work / "efficientad_alone.onnx"
    export.write_graph(network.RawMap(model), alone)
    sides = (material.calibrate, material.test)
    methods = Methods(model.teacher, material.lessons, sides, args.seed)
    network_alone = OpenVinoNetwork(alone, args.threads)
    maps = report.scores_of(network_alone, sides[0].images), report.scores_of(network_alone, sides[1].images)
    weight, tried = report.best_weight(methods.logistic(None, sides[0]), maps[0], sides[0])
    place = evidence.embedding(methods.taught)
    export.write_graph(evidence.TwoSidedMap(model, methods.log_odds(), place, weight), graph)
    found = report.measure(material, methods, graph, maps, weight)
    found["map_weight"], found["clutter_rejected_in_calibration_by_map_weight"] = weight, tried
    explained = torch.load(args.work / "teacher.pt", weights_only=True)["kept"]
    export.write_card(args.out, card.card(material, found, args, explained))
    print(yaml.safe_dump(found, sort_keys=False))


if __name__ == "__main__":
    main()
