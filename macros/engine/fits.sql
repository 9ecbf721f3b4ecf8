{#
    Whether a whole text fits a regular expression, in any case; null where one of them is.

    Example: fits('touches.medium', 'rules.medium')
#}
{% macro fits(text, pattern) -%}
    {{ return(adapter.dispatch('fits')(text, pattern)) }}
{%- endmacro %}

{% macro default__fits(text, pattern) -%}
    regexp_full_match({{ text }}, {{ pattern }}, 'i')
{%- endmacro %}

{% macro spark__fits(text, pattern) -%}
    {{ text }} rlike concat('(?iu)^(?:', {{ pattern }}, ')$')
{%- endmacro %}
