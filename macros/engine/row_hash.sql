{#
    A bigint made of some columns of a row, in this engine's way: equal rows have equal ones, and different rows nearly
    always different ones. It is for looking rows up, never for keeping.

    Example: row_hash(['deal_key', 'lead_key'])
#}
{% macro row_hash(columns) -%}
    {{ return(adapter.dispatch('row_hash')(columns)) }}
{%- endmacro %}

{% macro default__row_hash(columns) -%}
    hash({{ columns | join(', ') }})
{%- endmacro %}

{% macro spark__row_hash(columns) -%}
    xxhash64({{ columns | join(', ') }})
{%- endmacro %}
