{{- define "wideberth.labels" -}}
app.kubernetes.io/name: wideberth
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end }}

{{- define "wideberth.selector" -}}
app.kubernetes.io/name: wideberth
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .component }}
{{- end }}

{{- define "wideberth.image" -}}
{{- printf "%swideberth-%s:%s" .root.Values.image.registry .component (default .root.Chart.AppVersion .root.Values.image.tag) | quote }}
{{- end }}

{{/* Whoever breaks into a container finds nothing to write to and nothing to become. */}}
{{- define "wideberth.podSecurity" -}}
runAsNonRoot: true
runAsUser: 10001
runAsGroup: 10001
fsGroup: 10001
fsGroupChangePolicy: OnRootMismatch
seccompProfile: {type: RuntimeDefault}
{{- end }}

{{- define "wideberth.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities: {drop: [ALL]}
{{- end }}

{{- define "wideberth.probes" -}}
startupProbe:
  httpGet: {path: /livez, port: http}
  periodSeconds: 5
  failureThreshold: 60
livenessProbe:
  httpGet: {path: /livez, port: http}
  periodSeconds: 20
  timeoutSeconds: 10
  failureThreshold: 6
readinessProbe:
  httpGet: {path: /readyz, port: http}
  periodSeconds: 10
  timeoutSeconds: 10
  failureThreshold: 3
{{- end }}

{{/* Where the tokens are that the parts of a release know each other by. */}}
{{- define "wideberth.tokens" -}}
{{- default (printf "%s-tokens" .Release.Name) .Values.tokens.existingSecret }}
{{- end }}

{{/* The same names as in docker-compose.yml; for the gateway and for workers. */}}
{{- define "wideberth.gatewayEnv" -}}
- {name: WIDEBERTH_GATEWAY_HOST, value: "0.0.0.0"}
- {name: WIDEBERTH_GATEWAY_PORT, value: {{ .Values.gateway.port | quote }}}
- {name: WIDEBERTH_GATEWAY_DATA_DIR, value: /data}
- {name: WIDEBERTH_GATEWAY_LOG_LEVEL, value: {{ .Values.log.level | quote }}}
- {name: WIDEBERTH_GATEWAY_LOG_FORMAT, value: {{ .Values.log.format | quote }}}
{{- range $name, $service := .Values.services }}
- {name: WIDEBERTH_GATEWAY_{{ upper $name }}_URL, value: "http://{{ $.Release.Name }}-{{ $name }}:8000"}
{{- end }}
{{- with .Values.gateway.publicUrl }}
- {name: WIDEBERTH_GATEWAY_PUBLIC_URL, value: {{ . | quote }}}
{{- end }}
{{- with .Values.database.existingSecret }}
- name: WIDEBERTH_GATEWAY_DATABASE_URL
  valueFrom: {secretKeyRef: {name: {{ . }}, key: url}}
{{- end }}
{{- if .Values.files.url }}
- {name: WIDEBERTH_GATEWAY_FILES_URL, value: {{ .Values.files.url | quote }}}
- {name: WIDEBERTH_GATEWAY_FILES_REGION, value: {{ .Values.files.region | quote }}}
- {name: WIDEBERTH_GATEWAY_CACHE_BYTES, value: {{ .Values.files.cacheBytes | int64 | quote }}}
{{- with .Values.files.endpoint }}
- {name: WIDEBERTH_GATEWAY_FILES_ENDPOINT, value: {{ . | quote }}}
{{- end }}
{{- with .Values.files.existingSecret }}
- name: WIDEBERTH_GATEWAY_FILES_ACCESS_KEY
  valueFrom: {secretKeyRef: {name: {{ . }}, key: access-key}}
- name: WIDEBERTH_GATEWAY_FILES_SECRET_KEY
  valueFrom: {secretKeyRef: {name: {{ . }}, key: secret-key}}
{{- end }}
{{- end }}
- name: WIDEBERTH_GATEWAY_SERVICE_TOKEN
  valueFrom: {secretKeyRef: {name: {{ include "wideberth.tokens" . }}, key: service-token}}
- name: WIDEBERTH_GATEWAY_METRICS_TOKEN
  valueFrom: {secretKeyRef: {name: {{ include "wideberth.tokens" . }}, key: metrics-token}}
{{- range $name, $value := .Values.gateway.settings }}
- {name: WIDEBERTH_GATEWAY_{{ $name }}, value: {{ $value | quote }}}
{{- end }}
{{- end }}
