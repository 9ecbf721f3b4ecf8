{#
    A name without what stands behind it in brackets. One match at most, so that it makes no difference which engine
    replaces the first and which all of them; `orchestration/sources/unlisted.py` does the same.

    Example: without_brackets('deals.stage')
#}
{% macro without_brackets(name) -%}
    regexp_replace({{ name }}, ' *[(][^()]*[)] *$', '')
{%- endmacro %}
