{#
  A table on DuckDB, made in one statement in the place of the old one. dbt's own way (build beside it, rename twice,
  drop) is for readers, and the warehouse has none while it is built: they have the publication.
#}
{% materialization table, adapter='duckdb' %}
    {%- set target = this.incorporate(type='table') -%}
    {%- do drop_other_kind(target) -%}
    {%- do run_hooks(pre_hooks) -%}
    {%- call statement('main') -%}
        {% if config.get('contract').enforced %}
        {{ get_assert_columns_equivalent(sql) }}
        create or replace table {{ target }} {{ get_table_columns_and_constraints() }};
        insert into {{ target }} {{ get_column_names() }} {{ get_select_subquery(sql) }}
        {% else %}
        create or replace table {{ target }} as ({{ sql }})
        {% endif %}
    {%- endcall -%}
    {%- do run_hooks(post_hooks) -%}
    {%- do adapter.commit() -%}
    {{ return({'relations': [target]}) }}
{% endmaterialization %}
