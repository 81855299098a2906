{{- define "lanlord.speakerListen" -}}
{{- with .Values.speaker.http -}}
{{ contains ":" .host | ternary (printf "[%s]" .host) .host }}:{{ .port }}
{{- end }}
{{- end }}

{{- /* Where the kubelet, which is on the same node, finds the speaker. */}}
{{- define "lanlord.speakerProbeHost" -}}
{{- $host := .Values.speaker.http.host -}}
{{ has $host (list "" "0.0.0.0" "::") | ternary "127.0.0.1" $host }}
{{- end }}

{{- /* Ends the rendering where the pods of the speakers would be refused one by one, and nobody told. */}}
{{- define "lanlord.requireAdmittedPods" -}}
{{- $namespace := lookup "v1" "Namespace" "" .Release.Namespace | default dict -}}
{{- $label := "pod-security.kubernetes.io/enforce" -}}
{{- $level := get (dig "metadata" "labels" dict $namespace) $label -}}
{{- if has $level (list "baseline" "restricted") -}}
  {{- fail (printf "the namespace %s enforces the Pod Security level %s, which refuses the speakers: they need the host network and NET_RAW. kubectl label namespace %s --overwrite %s=privileged" .Release.Namespace $level .Release.Namespace $label) -}}
{{- end -}}
{{- end }}
