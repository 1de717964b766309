"""The ports an analysis needs, as one value."""

from dataclasses import dataclass

from wideberth_contracts.ports import AnomalyPort, DetectorPort, DistancePort, GlarePort, JudgePort, TrackerPort
from wideberth_contracts.settings import ServiceInfo


@dataclass(frozen=True, slots=True)
class Stages:
    """One port a verb. Local or Http: the pipeline cannot tell."""

    glare: GlarePort
    detector: DetectorPort
    distance: DistancePort
    tracker: TrackerPort
    anomaly: AnomalyPort
    judge: JudgePort

    async def infos(self) -> tuple[ServiceInfo, ...]:
        """What stands behind each port, in the order of the verbs."""
        ports = (self.glare, self.detector, self.distance, self.tracker, self.anomaly)
        return tuple([await port.info() for port in ports])
