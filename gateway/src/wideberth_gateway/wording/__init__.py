"""The words of the gateway: every sentence that a judgement says, in English and Korean side by side."""
