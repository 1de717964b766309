"""Sense and follow: the order of Wideberth's verbs."""

from wideberth_pipeline.follow import Outcome, follow
from wideberth_pipeline.judge_again import judge_again
from wideberth_pipeline.plan import Plan, Span, load_plan, plan
from wideberth_pipeline.results import write_results
from wideberth_pipeline.sense import sense
from wideberth_pipeline.stages import Stages

__all__ = ["Outcome", "Plan", "Span", "Stages", "follow", "judge_again", "load_plan", "plan", "sense", "write_results"]
