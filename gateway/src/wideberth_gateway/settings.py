"""Settings of the gateway: `WIDEBERTH_GATEWAY_*`, and nothing else."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import SettingsConfigDict

from wideberth_gateway.access.roles import Role
from wideberth_gateway.analyses.claiming import AHEAD
from wideberth_gateway.evidence.stamping import Authority
from wideberth_pipeline import MediaLimits
from wideberth_pipeline.blurring import Hulls
from wideberth_servicekit.settings import ServiceSettings

GIB = 1 << 30
MEDIA = MediaLimits()
BLURRED = frozenset({Role.OPERATOR, Role.RESEARCHER})
"""Roles that look at recordings and decide nothing by them."""
Days = Annotated[float | None, Field(gt=0)]


class GatewaySettings(ServiceSettings):
    """Where the gateway listens, keeps things, and finds the services.

    Attributes:
        access: `accounts`: who asks must sign in or send a key, and may what docs/access.md says. `open`: whoever
            reaches the gateway may do everything but what needs a name (decisions, bags, receivers, people, keys).
        session_idle_s: a session that is not used so long ends.
        requests_per_s: of one person, key or, while nobody is signed in, address; ten times as many at once.
        sign_ins_per_minute: tries to sign in, and unknown keys, from one address.
        metrics_token: opens `/metrics` and nothing else, for Prometheus; an administrator's key does too.
        oidc_issuer: an OpenID provider at which people sign in.
        oidc_label: what it is called on the page.
        oidc_client_id, oidc_client_secret, oidc_scopes: as what the gateway is known there, and what it asks for.
        oidc_name_claim, oidc_roles_claim, oidc_organisation_claim: where the provider says these, with points between
            names; the organisation is `home` unless it says one.
        oidc_roles: by value of the roles claim, the role here, as a JSON object; roles by their own names unless given.
        max_body_bytes: of one file; drone clips run to tens of GB.
        spare_disk_bytes: of the disk that uploads leave free.
        blur_for: roles for which recordings are blurred, of `operator` and `researcher` (docs/access.md).
        blur_hulls: how much of a vessel is covered then: `whole`, or its `ends` alone.
        quota_bytes: that each person may keep here, of files they brought and of uploads under way; no limit unless
            given. Who has not signed in shares one.
        organisation_quota_bytes: the same of each organisation for which an administrator set no other.
        upload_keep_s: an upload that nobody goes on with is cleared after this.
        data_dir: originals, analyses and, unless told otherwise, both databases.
        database_url: `sqlite:///…` or `postgresql://…`; a file in `data_dir` unless given. On PostgreSQL the jobs use
            the same database, in a schema of their own; on SQLite a second file.
        files_url: where originals, segments, results and bags are kept: `file:///folder` or `s3://bucket/prefix`; the
            data folder unless given. Where it is another place, the data folder is a cache of it.
        files_endpoint: of an S3 server that is not Amazon's, such as `http://seaweedfs:8333`.
        files_access_key, files_secret_key: for S3; unless given, from `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`.
        cache_bytes: how much of the store may lie in the data folder; what is in use may go beyond it.
        keep_originals_days, keep_segments_days, keep_results_days, keep_rejected_days, keep_logs_days: how long each
            class of data is kept; for ever unless given. What is in a case is kept whatever they say.
        executor_id: names this instance to the job runner. The same after each restart, another for each instance;
            unless given it is made at the first start and kept in `data_dir`.
        jobs_at_once: analyses that go on at the same time in this process.
        segments_ahead: of one analysis, how far behind its first segment that is not sensed one may be; workers beside
            the one that runs it sense so many at the same time at most.
        work_here: whether analyses run in the gateway's process; otherwise `wideberth worker` processes do it.
        frame_limit_s: longest a frame may take to be sensed; then its segment has failed once.
        work_disk_bytes: of the disk that must be free for a step of an analysis to begin; it waits otherwise.
        make_proxies: whether a process that works also makes copies of videos that every browser plays.
        lease_s: a process that is silent for so long is believed dead, and others go on with its analyses.
        job_poll_s: how often the queue of jobs is looked at.
        reviewers_needed: how many different persons must confirm an alert.
        public_url: where others reach the gateway, for links in feeds that leave the house.
        cap_sender: who sends the CAP messages, an address in the form of e-mail.
        register_roots: folders below which recordings may be registered over the API, as a JSON object from the name
            clients use to the path; none unless given.
        media_pixels … media_frames: what a media file may ask of whoever reads it, see `MediaLimits`; a file above is
            refused when it is put into a flight and when an analysis is asked for.
        media_check_s, media_check_bytes: processor time and memory of the process that looks at a new file.
        receivers_on_private_addresses: whether webhooks may point into the own network.
        glare_url … anomaly_url: of the services, for `python -m wideberth_gateway`.
        service_timeout_s: longest a service may take for one request.
        tsa_url: of an RFC 3161 authority that stamps bags and the roots of days; None: they wait, queued.
        tsa_roots: PEM file with its root certificate; unless given, the signature of stamps is not checked.
        stamp_every_s: how often days are closed and queued stamps asked for.
        page_dir: the built page, for `python -m wideberth_gateway`; None: the API alone.
        ais_sources: live AIS, `tcp://HOST:PORT` or `udp://0.0.0.0:PORT`, as a JSON list; kept in `data_dir`/ais and
            held against the craft of every analysis of that time. One instance listens to a source, not several.
        areas_dir: folder of outlines of the rules' areas (docs/rules.md), read at the start.
        shared_dir: memory volume shared with the services on this host; None: pixels go in the body.
    """

    model_config = SettingsConfigDict(env_prefix="WIDEBERTH_GATEWAY_", frozen=True, extra="forbid")

    access: Literal["accounts", "open"] = "accounts"
    session_idle_s: Annotated[float, Field(ge=60)] = 12 * 3600.0
    requests_per_s: Annotated[float, Field(gt=0)] = 100.0
    sign_ins_per_minute: Annotated[float, Field(ge=1)] = 20.0
    metrics_token: SecretStr | None = None
    oidc_issuer: str | None = None
    oidc_label: str = "OpenID"
    oidc_client_id: str | None = None
    oidc_client_secret: SecretStr | None = None
    oidc_scopes: str = "openid profile email"
    oidc_name_claim: str = "preferred_username"
    oidc_roles_claim: str = "roles"
    oidc_roles: dict[str, Role] | None = None
    oidc_organisation_claim: str | None = None
    port: Annotated[int, Field(ge=0, le=65535)] = 8100
    max_body_bytes: Annotated[int, Field(gt=0)] = 64 * GIB
    spare_disk_bytes: Annotated[int, Field(ge=0)] = GIB
    blur_for: frozenset[Role] = frozenset()
    blur_hulls: Hulls = Hulls.WHOLE
    quota_bytes: Annotated[int | None, Field(gt=0)] = None
    organisation_quota_bytes: Annotated[int | None, Field(gt=0)] = None
    upload_keep_s: Annotated[float, Field(ge=60)] = 14 * 86_400.0
    data_dir: Path = Path("wideberth-data")
    database_url: str | None = None
    files_url: str | None = None
    files_endpoint: str | None = None
    files_region: str = "us-east-1"
    files_access_key: str | None = None
    files_secret_key: SecretStr | None = None
    keep_originals_days: Days = None
    keep_segments_days: Days = None
    keep_results_days: Days = None
    keep_rejected_days: Days = None
    keep_logs_days: Days = None
    cache_bytes: Annotated[int, Field(ge=0)] = 100 * GIB
    executor_id: Annotated[str | None, Field(min_length=1, max_length=100)] = None
    jobs_at_once: Annotated[int, Field(ge=1)] = 1
    job_poll_s: Annotated[float, Field(ge=0.05, le=60)] = 1.0
    segments_ahead: Annotated[int, Field(ge=1, le=10_000)] = AHEAD
    work_here: bool = True
    frame_limit_s: Annotated[float, Field(ge=1)] = 600.0
    work_disk_bytes: Annotated[int, Field(ge=0)] = GIB // 4
    make_proxies: bool = True
    lease_s: Annotated[float, Field(ge=1, le=3600)] = 60.0
    reviewers_needed: Annotated[int, Field(ge=1, le=2)] = 1
    public_url: str = "http://127.0.0.1:8100"
    cap_sender: str = "wideberth@localhost"
    register_roots: Annotated[dict[str, Path], Field(default_factory=dict)]
    media_pixels: Annotated[int, Field(gt=0)] = MEDIA.pixels
    media_side_px: Annotated[int, Field(gt=0)] = MEDIA.side_px
    media_duration_s: Annotated[float, Field(gt=0)] = MEDIA.duration_s
    media_fps: Annotated[float, Field(gt=0)] = MEDIA.fps
    media_streams: Annotated[int, Field(gt=0)] = MEDIA.streams
    media_text_bytes: Annotated[int, Field(gt=0)] = MEDIA.text_bytes
    media_boxes: Annotated[int, Field(gt=0)] = MEDIA.boxes
    media_frames: Annotated[int, Field(gt=0)] = MEDIA.frames
    media_check_s: Annotated[float, Field(gt=0)] = MEDIA.check_s
    media_check_bytes: Annotated[int, Field(gt=0)] = MEDIA.check_bytes
    receivers_on_private_addresses: bool = False
    glare_url: str = "http://127.0.0.1:8101"
    detector_url: str = "http://127.0.0.1:8102"
    distance_url: str = "http://127.0.0.1:8103"
    tracker_url: str = "http://127.0.0.1:8104"
    anomaly_url: str = "http://127.0.0.1:8105"
    page_dir: Path | None = None
    tsa_url: str | None = None
    tsa_roots: Path | None = None
    stamp_every_s: Annotated[float, Field(ge=1, le=86_400)] = 300.0
    ais_sources: tuple[str, ...] = ()
    areas_dir: Path | None = None
    service_timeout_s: Annotated[float, Field(gt=0)] = 120.0

    @field_validator("metrics_token", "oidc_client_secret", mode="after")
    @classmethod
    def _nothing_is_no_secret(cls, given: SecretStr | None) -> SecretStr | None:
        return None if given is None or not given.get_secret_value() else given

    @field_validator("blur_for", mode="after")
    @classmethod
    def _those_who_judge_see(cls, given: frozenset[Role]) -> frozenset[Role]:
        if others := sorted(role.value for role in given - BLURRED):
            raise ValueError(f"{', '.join(others)}: who judges by pictures or runs the machine sees them as they came")
        return given

    def main_database(self) -> str:
        """URL of the gateway's own database."""
        return self.database_url or f"sqlite:///{(self.data_dir / 'gateway.sqlite').absolute()}"

    def media_limits(self) -> MediaLimits:
        """What a media file may ask of whoever reads it."""
        return MediaLimits(**{name: getattr(self, f"media_{name}") for name in MediaLimits.model_fields})

    def authority(self) -> Authority | None:
        """Who stamps, if anyone does."""
        return Authority(self.tsa_url, self.tsa_roots) if self.tsa_url else None

    def jobs_database(self) -> str:
        """URL of the job runner's database."""
        if self.database_url and not self.database_url.startswith("sqlite"):
            return self.database_url
        return f"sqlite:///{(self.data_dir / 'jobs.sqlite').absolute()}"
