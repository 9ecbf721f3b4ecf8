{#
    Whether an incremental model may carry on with the rows of its last build: its table is there, was made by these very
    models, seeds and settings, and no full refresh is asked for. So a release or another `var` makes every row anew.

    Example: {{ '{%' }} if carries_on() {{ '%}' }} where load_hash not in (select load_hash from {{ '{{' }} this {{ '}}' }}) {{ '{%' }} endif {{ '%}' }}
#}
{% macro carries_on() -%}
    {{ return(adapter.dispatch('carries_on')()) }}
{%- endmacro %}

{% macro default__carries_on() -%}
    {%- if not execute or should_full_refresh() or model.resource_type != 'model' -%}
        {{ return(false) }}
    {%- endif -%}
    {%- set made_by -%}
        select comment
        from duckdb_tables()
        where schema_name = '{{ this.schema }}' and table_name = '{{ this.identifier }}' and comment is not null
    {%- endset -%}
    {%- for version in run_query(made_by).columns[0].values() -%}
        {{ return(version == models_version()) }}
    {%- endfor -%}
    {{ return(false) }}
{%- endmacro %}

{# Spark's database is an empty one in every run. #}
{% macro spark__carries_on() -%}
    {{ return(false) }}
{%- endmacro %}
