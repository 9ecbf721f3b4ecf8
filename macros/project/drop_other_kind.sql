{# Drops what stands in a relation's place and is of another kind: what was a view in an older release, now a table. #}
{% macro drop_other_kind(target) %}
    {%- set existing = load_cached_relation(target) -%}
    {%- if existing is not none and existing.type != target.type -%}
        {%- do adapter.drop_relation(existing) -%}
    {%- endif -%}
{% endmacro %}
