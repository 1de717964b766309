"""Random numbers of a batch: one generator, one device."""

import math
from dataclasses import dataclass

import torch
from torch import Tensor


@dataclass(frozen=True)
class Draws:
    """Draws from one generator.

    Attributes:
        generator: owns the state; its device is where everything is made.
    """

    generator: torch.Generator

    @property
    def device(self) -> torch.device:
        """Where the numbers lie."""
        return self.generator.device

    def uniform(self, low: float, high: float, *shape: int) -> Tensor:
        """Even between `low` and `high`."""
        return low + (high - low) * torch.rand(*shape, generator=self.generator, device=self.device)

    def log_uniform(self, low: float, high: float, *shape: int) -> Tensor:
        """Even in the logarithm between `low` and `high`, both above 0."""
        return torch.exp(self.uniform(math.log(low), math.log(high), *shape))

    def normal(self, *shape: int) -> Tensor:
        """Mean 0, deviation 1."""
        return torch.randn(*shape, generator=self.generator, device=self.device)

    def chance(self, share: float, *shape: int) -> Tensor:
        """1.0 with this chance, else 0.0."""
        return (torch.rand(*shape, generator=self.generator, device=self.device) < share).float()

    def among(self, count: int, *shape: int) -> Tensor:
        """Whole numbers from 0 up to but without `count`."""
        return torch.randint(0, count, shape, generator=self.generator, device=self.device)
