"""Sense and follow: the order of Wideberth's verbs."""

from wideberth_media.limits import MediaLimits
from wideberth_pipeline.follow import Outcome, follow
from wideberth_pipeline.inputs import FileFacts, file_facts, refuse_hostile
from wideberth_pipeline.judge_again import judge_again
from wideberth_pipeline.plan import Plan, Span, load_plan, plan
from wideberth_pipeline.quick_look import QuickLook, quick_look
from wideberth_pipeline.results import write_results
from wideberth_pipeline.segment_file import write_failed
from wideberth_pipeline.sense import sense
from wideberth_pipeline.stages import Stages

__all__ = [
    "FileFacts",
    "MediaLimits",
    "Outcome",
    "Plan",
    "QuickLook",
    "Span",
    "Stages",
    "file_facts",
    "follow",
    "judge_again",
    "load_plan",
    "plan",
    "quick_look",
    "refuse_hostile",
    "sense",
    "write_failed",
    "write_results",
]
